package io.redshank.retained;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import java.util.Base64;

/**
 * Where a look-up goes on.
 *
 * @param source the number of the pool, among those that the look-up's entries name
 * @param at the place in its index
 */
record LookupCursor(int source, byte[] at) {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** The beginning of a pool. */
    static LookupCursor startOf(int source) {
        return new LookupCursor(source, new byte[0]);
    }

    /** As text that any bytes survive. */
    String encoded() {
        return source + "." + ENCODER.encodeToString(at);
    }

    static LookupCursor decoded(String text) {
        try {
            int dot = text.indexOf('.');
            return new LookupCursor(
                    Integer.parseUnsignedInt(text, 0, dot, 10),
                    Base64.getUrlDecoder().decode(text.substring(dot + 1)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
            throw new EventFailedException(EventFailure.REFUSED, "not a cursor of ours: " + text);
        }
    }
}
