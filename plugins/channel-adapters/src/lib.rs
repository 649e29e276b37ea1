//! The mechanism of channel adapters: whatever form a sender's message has, its fields are read as the place's table says.

mod config;
mod decode;
mod formats;
mod mapping;
#[cfg(test)]
mod tests;
mod times;

use fengqiao_sdk::prelude::*;

use config::Config;

struct ChannelAdapters;

impl Plugin for ChannelAdapters {
    type Config = Config;
}

impl Intake for ChannelAdapters {
    fn intake(config: &Config, channel: &str, raw: &[u8]) -> Result<Reading, PluginError> {
        let text = decode::text(raw)?;
        let fields = formats::fields(config.format, &text)?;
        mapping::read(config, channel, &fields)
    }
}

fengqiao_sdk::export!(ChannelAdapters: intake);
