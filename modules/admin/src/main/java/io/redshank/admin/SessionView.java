package io.redshank.admin;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.TopicFilter;
import io.redshank.redis.PresenceScripts;
import io.redshank.redis.SessionFields;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session's hash as it was read, or some fields of it. */
record SessionView(ClientId client, Map<String, String> fields) {
    /** Whether there is a session to come back to. */
    boolean isAlive(long nowMillis) {
        return fields.containsKey(SessionFields.CREATED_AT) && nowMillis < due();
    }

    boolean isConnected() {
        return !fields.getOrDefault(SessionFields.CONNECTED, "0").equals("0");
    }

    /** Since when it is connected, in milliseconds; 0 if it is not. */
    long connectedMillis() {
        return Names.number(fields.get(SessionFields.CONNECTED), 0);
    }

    @Nullable
    String node() {
        return fields.get(SessionFields.NODE);
    }

    /** When it ends, in milliseconds; {@link Long#MAX_VALUE} if that is not said. */
    long due() {
        return Names.number(fields.get(SessionFields.DUE), Long.MAX_VALUE);
    }

    /** For how many seconds it is kept without a connection. */
    long expirySeconds() {
        return Names.number(fields.get(SessionFields.EXPIRY), 0);
    }

    boolean neverEnds() {
        return expirySeconds() >= PresenceScripts.NEVER;
    }

    /** The filters that the client itself has asked for, as they are written. */
    List<String> own() {
        List<String> own = new ArrayList<>();
        for (String field : fields.keySet()) {
            if (field.startsWith(SessionFields.OWN)) {
                own.add(field.substring(SessionFields.OWN.length()));
            }
        }
        return own;
    }

    /** From where on a subscription has to do with what is stored; null if that is not said. */
    @Nullable
    MessageId start(TopicFilter filter) {
        return Names.id(fields.get(SessionFields.START + filter.value()));
    }

    /** What a subscription asks for beside filter and quality, as it is written; empty if nothing. */
    String optionsOf(TopicFilter filter) {
        return fields.getOrDefault(SessionFields.OPTIONS + filter.value(), "");
    }

    /** Whether the client does not want its own messages. */
    boolean isNoLocal(TopicFilter filter) {
        try {
            String options = optionsOf(filter);
            return !options.isEmpty() && new JsonObject(options).getBoolean("no_local", false);
        } catch (DecodeException | ClassCastException damaged) {
            return false;
        }
    }
}
