"""Virtual wearables: real packets over a real Bluetooth stack in software, without a radio."""
