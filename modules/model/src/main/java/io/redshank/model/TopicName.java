package io.redshank.model;

/** The topic of one message: no wildcards, at least one character (MQTT 5, section 4.7). */
public record TopicName(String value) {
    /** Rejects an empty name, wildcards, and text that MQTT strings may not hold. */
    public TopicName {
        if (value.isEmpty()) {
            throw new MalformedMqttException("topic name is empty", value); // [MQTT-4.7.3-1]
        }
        value = Utf8.checked("topic name", value);
        if (value.indexOf('+') >= 0 || value.indexOf('#') >= 0) {
            throw new MalformedMqttException("topic name holds a wildcard", value); // [MQTT-3.3.2-2]
        }
    }

    /** The one of {@code shards} that owns this topic; stable across nodes and releases. */
    public int shard(int shards) {
        return Math.floorMod(value.hashCode(), shards);
    }

    @Override
    public String toString() {
        return value;
    }
}
