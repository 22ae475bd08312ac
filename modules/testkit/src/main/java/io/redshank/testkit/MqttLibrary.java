package io.redshank.testkit;

/** The client libraries, each with each version of MQTT that it speaks. */
public enum MqttLibrary {
    PAHO_3_1(3),
    PAHO_3_1_1(4),
    PAHO_5(5),
    HIVEMQ_3_1_1(4),
    HIVEMQ_5(5);

    private final int version;

    MqttLibrary(int version) {
        this.version = version;
    }

    /** The protocol level of the CONNECT. */
    public int version() {
        return version;
    }

    /** Whether it speaks MQTT 5, and so learns reasons. */
    public boolean speaksMqtt5() {
        return version == 5;
    }

    /** A device for the broker at this port of the loopback interface. */
    public MqttDevice device(int port, DeviceOptions options) {
        return device(Endpoint.tcp(port), options);
    }

    /** A device for the broker at this endpoint. */
    public MqttDevice device(Endpoint endpoint, DeviceOptions options) {
        return switch (this) {
            case PAHO_3_1, PAHO_3_1_1 -> new PahoDevice3(endpoint, options, version);
            case PAHO_5 -> new PahoDevice5(endpoint, options);
            case HIVEMQ_3_1_1 -> new HiveMqDevice3(endpoint, options);
            case HIVEMQ_5 -> new HiveMqDevice5(endpoint, options);
        };
    }
}
