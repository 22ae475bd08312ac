package io.redshank.hooks;

import static io.redshank.hooks.BackendFunction.ON_CLIENT_CONNECTED;
import static io.redshank.hooks.BackendFunction.ON_CLIENT_DISCONNECTED;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_ACKED_FOR_KEEP_LATEST;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_ACKED_FOR_PUBSUB;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_ACKED_FOR_QUEUE;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_FETCH_FOR_KEEP_LATEST;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_FETCH_FOR_PUBSUB;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_FETCH_FOR_QUEUE;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_PUBLISH;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_RETAIN;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_STORE_KEEP_LATEST;
import static io.redshank.hooks.BackendFunction.ON_RETAIN_DELETE;
import static io.redshank.hooks.BackendFunction.ON_RETAIN_LOOKUP;
import static io.redshank.hooks.BackendFunction.ON_SUBSCRIBE_LOOKUP;
import static io.redshank.hooks.Variable.CLIENTID;
import static io.redshank.hooks.Variable.MESSAGE;
import static io.redshank.hooks.Variable.MSGID;
import static io.redshank.hooks.Variable.NODE;
import static io.redshank.hooks.Variable.PAYLOAD;
import static io.redshank.hooks.Variable.QOS;
import static io.redshank.hooks.Variable.TOPIC;
import static io.redshank.hooks.Variable.TS;
import static io.redshank.hooks.Variable.USERNAME;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A moment at which functions and commands run, with what they may use there. */
public enum Hook {
    CLIENT_CONNECTED(
            "client.connected",
            EnumSet.of(CLIENTID, USERNAME, NODE, TS),
            EnumSet.of(ON_CLIENT_CONNECTED, ON_SUBSCRIBE_LOOKUP)),
    CLIENT_DISCONNECTED(
            "client.disconnected", EnumSet.of(CLIENTID, USERNAME, NODE, TS), EnumSet.of(ON_CLIENT_DISCONNECTED)),
    SESSION_CREATED("session.created", EnumSet.of(CLIENTID, USERNAME, NODE, TS), EnumSet.of(ON_SUBSCRIBE_LOOKUP)),
    SESSION_SUBSCRIBED(
            "session.subscribed",
            EnumSet.of(CLIENTID, TOPIC, QOS),
            EnumSet.of(
                    ON_RETAIN_LOOKUP,
                    ON_MESSAGE_FETCH_FOR_QUEUE,
                    ON_MESSAGE_FETCH_FOR_PUBSUB,
                    ON_MESSAGE_FETCH_FOR_KEEP_LATEST)),
    SESSION_UNSUBSCRIBED("session.unsubscribed", EnumSet.of(CLIENTID, TOPIC), EnumSet.noneOf(BackendFunction.class)),
    MESSAGE_PUBLISH(
            "message.publish",
            EnumSet.of(MESSAGE, MSGID, TOPIC, PAYLOAD, QOS, CLIENTID, TS, USERNAME),
            EnumSet.of(ON_MESSAGE_PUBLISH, ON_MESSAGE_RETAIN, ON_RETAIN_DELETE, ON_MESSAGE_STORE_KEEP_LATEST)),
    MESSAGE_DELIVERED(
            "message.delivered",
            EnumSet.of(MSGID, TOPIC, CLIENTID, TS, USERNAME),
            EnumSet.noneOf(BackendFunction.class)),
    MESSAGE_ACKED(
            "message.acked",
            EnumSet.of(MSGID, TOPIC, CLIENTID, TS, USERNAME),
            EnumSet.of(ON_MESSAGE_ACKED_FOR_QUEUE, ON_MESSAGE_ACKED_FOR_PUBSUB, ON_MESSAGE_ACKED_FOR_KEEP_LATEST));

    private static final String DELIVERED_TOO = "message.deliver";

    private final String configName;
    private final Set<Variable> variables;
    private final Set<BackendFunction> functions;

    Hook(String configName, Set<Variable> variables, Set<BackendFunction> functions) {
        this.configName = configName;
        this.variables = Collections.unmodifiableSet(variables);
        this.functions = Collections.unmodifiableSet(functions);
    }

    /** The name in a configuration file, for example {@code client.connected}. */
    public String configName() {
        return configName;
    }

    /** What its commands may name. */
    public Set<Variable> variables() {
        return variables;
    }

    /** What it can do without commands; empty where only commands make sense. */
    public Set<BackendFunction> functions() {
        return functions;
    }

    /** Whether its events are about a topic, so that an entry may ask for some topics only. */
    public boolean hasTopic() {
        return variables.contains(TOPIC);
    }

    /** The hook of this name; {@code message.deliver} is another spelling of {@code message.delivered}. */
    public static Optional<Hook> named(String configName) {
        if (configName.equals(DELIVERED_TOO)) {
            return Optional.of(MESSAGE_DELIVERED);
        }
        for (Hook hook : values()) {
            if (hook.configName.equals(configName)) {
                return Optional.of(hook);
            }
        }
        return Optional.empty();
    }
}
