package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageProperties;
import io.redshank.model.Payload;
import io.redshank.model.UserProperty;
import org.jspecify.annotations.Nullable;

/** About how many bytes the parts of events take to keep, of which a client chooses the size. */
final class Weight {
    /** What each takes beside that, roughly. */
    private static final int EVENT = 256;

    private static final int USER_PROPERTY = 80;

    private Weight() {}

    static long of(ClientId client, @Nullable String username) {
        return EVENT + client.value().length() + lengthOf(username);
    }

    static long of(Message message) {
        return message.payload().length() + message.topic().value().length() + of(message.properties());
    }

    static long of(@Nullable LastWill will) {
        return will == null ? 0 : of(will.message());
    }

    private static long of(MessageProperties properties) {
        long bytes = lengthOf(properties.contentType());
        Payload correlation = properties.correlationData();
        bytes += correlation == null ? 0 : correlation.length();
        bytes += properties.responseTopic() == null
                ? 0
                : properties.responseTopic().value().length();
        for (UserProperty property : properties.userProperties()) {
            bytes += USER_PROPERTY + property.name().length() + property.value().length();
        }
        return bytes;
    }

    private static int lengthOf(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
