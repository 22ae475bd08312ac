package io.redshank.model;

/** The name under which a client's state is kept; never empty (an empty one in CONNECT is replaced by an assigned one). */
public record ClientId(String value) {
    /** Rejects an empty id and text that MQTT strings may not hold. */
    public ClientId {
        if (value.isEmpty()) {
            throw new MalformedMqttException("client id is empty", value);
        }
        value = Utf8.checked("client id", value);
    }

    /** The one of {@code shards} that owns this client; stable across nodes and releases. */
    public int shard(int shards) {
        return Math.floorMod(value.hashCode(), shards);
    }

    @Override
    public String toString() {
        return value;
    }
}
