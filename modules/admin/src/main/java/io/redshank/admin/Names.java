package io.redshank.admin;

import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads names out of keys and members, which anybody may have written; null for what is none. */
final class Names {
    private Names() {}

    static @Nullable ClientId client(@Nullable String text) {
        return read(text, ClientId::new);
    }

    static @Nullable NodeName node(@Nullable String text) {
        return read(text, NodeName::new);
    }

    static @Nullable TopicName topic(@Nullable String text) {
        return read(text, TopicName::new);
    }

    static @Nullable TopicFilter filter(@Nullable String text) {
        return read(text, TopicFilter::new);
    }

    static @Nullable MessageId id(@Nullable String text) {
        return read(text, MessageId::new);
    }

    /** A number; the other one if it is none. */
    static long number(@Nullable String text, long otherwise) {
        try {
            return text == null ? otherwise : Long.parseLong(text.strip());
        } catch (NumberFormatException notANumber) {
            return otherwise;
        }
    }

    private static <T> @Nullable T read(@Nullable String text, Function<String, T> reader) {
        try {
            return text == null ? null : reader.apply(text);
        } catch (MalformedMqttException malformed) {
            return null;
        }
    }
}
