package io.redshank.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ongres.scram.common.StringPreparation;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/**
 * Names and passwords in the form in which they are compared: SASLprep (RFC 4013), and as they are where that does not apply. As
 * in PostgreSQL, a text that SASLprep prohibits and bytes that are no UTF-8 are legal, and stand for themselves.
 */
final class Prepared {
    private Prepared() {}

    static String text(String text) {
        if (text.isEmpty()) {
            return text;
        }
        try {
            return new String(StringPreparation.POSTGRESQL_PREPARATION.normalize(text.toCharArray()));
        } catch (RuntimeException prohibited) { // the library throws several kinds
            return text;
        }
    }

    static byte[] bytes(byte[] password) {
        return strict(password).map(text -> text(text).getBytes(UTF_8)).orElse(password);
    }

    /** The text of these bytes; absent if they are no UTF-8. */
    static Optional<String> strict(byte[] bytes) {
        try {
            CharBuffer text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return Optional.of(text.toString());
        } catch (CharacterCodingException malformed) {
            return Optional.empty();
        }
    }
}
