UPDATE inbox SET shard = CRC32(lane) % 64;
