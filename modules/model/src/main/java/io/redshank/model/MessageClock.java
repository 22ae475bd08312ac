package io.redshank.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A hybrid logical clock that names messages: 10 characters of time in microseconds, 6 of origin, 4 of sequence, all base 62.
 * Confined to one thread; each thread has a clock with an origin of its own.
 *
 * <p>Its ids only ever rise, even when the machine's clock is set back, and rise above every id it has {@linkplain #observe
 * seen} unless that one claims a time of almost a day ahead or more, which no clock of ours can have given.
 */
public final class MessageClock {
    private static final byte[] DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
    private static final int TIME_CHARS = 10;
    private static final int ORIGIN_CHARS = 6;
    private static final int SEQUENCE_CHARS = 4;
    private static final int SEQUENCES = 62 * 62 * 62 * 62;
    private static final long DAY_MICROS = 86_400_000_000L;
    /** How far the next id may be from a time seen: one microsecond behind it, and one for a full sequence. */
    private static final int MOVED_ON = 2;

    private final MicroTime time;
    private final byte[] template = new byte[MessageId.LENGTH];
    private long lastMicros;
    private int sequence;

    /** Tells the time in microseconds since 1970. */
    @FunctionalInterface
    public interface MicroTime {
        /** Microseconds since 1970; may stand still or go back. */
        long micros();
    }

    /** A clock whose ids differ from those of every clock with another origin. */
    public MessageClock(String origin, MicroTime time) {
        this.time = time;
        startAt(0);
        write(template, TIME_CHARS, ORIGIN_CHARS, hash(origin));
    }

    /** A clock on the machine's time. */
    public static MessageClock system(String origin) {
        return new MessageClock(origin, () -> System.currentTimeMillis() * 1000);
    }

    /** A new id, above all that this clock gave or saw. */
    public MessageId next() {
        long now = time.micros();
        if (now > lastMicros) {
            startAt(now);
        } else if (++sequence == SEQUENCES) {
            startAt(lastMicros + 1);
        }
        byte[] id = template.clone();
        write(id, TIME_CHARS + ORIGIN_CHARS, SEQUENCE_CHARS, sequence);
        return new MessageId(new String(id, StandardCharsets.ISO_8859_1));
    }

    /** Moves past an id seen elsewhere, so that the next one given is above it; ids not of our form are ignored. */
    public void observe(MessageId seen) {
        long micros = microsOf(seen);
        if (micros >= lastMicros && micros + MOVED_ON < time.micros() + DAY_MICROS) {
            startAt(micros + 1);
        }
    }

    /** An id that none of our clocks can have given by now: a day ahead, and above all that this clock gave. */
    public MessageId horizon() {
        byte[] id = new byte[MessageId.LENGTH];
        write(id, 0, TIME_CHARS, Math.max(time.micros() + DAY_MICROS, lastMicros + MOVED_ON));
        write(id, TIME_CHARS, MessageId.LENGTH - TIME_CHARS, 0);
        return new MessageId(new String(id, StandardCharsets.ISO_8859_1));
    }

    /** An id above all that a clock on time can have given up to the end of this millisecond since 1970. */
    public static MessageId endOf(long millis) {
        byte[] id = new byte[MessageId.LENGTH];
        write(id, 0, TIME_CHARS, (millis + 1) * 1000 - 1);
        Arrays.fill(id, TIME_CHARS, MessageId.LENGTH, DIGITS[DIGITS.length - 1]);
        return new MessageId(new String(id, StandardCharsets.ISO_8859_1));
    }

    /** The time inside an id of our form in microseconds since 1970, or -1 for any other id. */
    public static long microsOf(MessageId id) {
        String text = id.value();
        if (text.length() != MessageId.LENGTH) {
            return -1;
        }
        long micros = 0;
        for (int i = 0; i < MessageId.LENGTH; i++) {
            int digit = digit(text.charAt(i));
            if (digit < 0) {
                return -1;
            }
            if (i < TIME_CHARS) {
                micros = micros * 62 + digit;
            }
        }
        return micros;
    }

    private void startAt(long micros) {
        lastMicros = micros;
        sequence = 0;
        write(template, 0, TIME_CHARS, micros);
    }

    private static void write(byte[] into, int offset, int chars, long number) {
        long rest = number;
        for (int i = offset + chars - 1; i >= offset; i--) {
            into[i] = DIGITS[(int) (rest % 62)];
            rest /= 62;
        }
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'A' && c <= 'Z') {
            return c - 'A' + 10;
        }
        return c >= 'a' && c <= 'z' ? c - 'a' + 36 : -1;
    }

    /** FNV-1a over the name, folded into six characters. */
    private static long hash(String origin) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : origin.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ b) * 0x100000001b3L;
        }
        return Math.floorMod(hash, 62L * 62 * 62 * 62 * 62 * 62);
    }
}
