package io.redshank.model;

/** The name of a node of the cluster, for example {@code redshank@127.0.0.1}; part of Redis keys and bus addresses. */
public record NodeName(String value) {
    /** Rejects an empty name, white space and control characters. */
    public NodeName {
        if (value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c == 127)) {
            throw new MalformedMqttException("node name is empty or holds white space", value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
