"""The live stream: samples as they come to everyone who looks, over WebSockets."""
