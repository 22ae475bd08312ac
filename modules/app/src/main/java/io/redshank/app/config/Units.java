package io.redshank.app.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as they are written in a configuration. */
final class Units {
    static final String DURATION_FORM = "a duration such as \"500ms\", \"30s\", \"5m\", \"2h\" or \"30d\"";
    static final String SIZE_FORM = "a number of bytes, or a size such as \"64kb\" or \"16mb\"";

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,15}) ?([a-z]+)");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> BYTES = Map.of("b", 1L, "kb", 1L << 10, "mb", 1L << 20, "gb", 1L << 30);

    private Units() {}

    static Optional<Duration> duration(Object value) {
        return value instanceof String text ? amount(text, MILLIS).map(Duration::ofMillis) : Optional.empty();
    }

    static Optional<Long> size(Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return Optional.of(((Number) value).longValue());
        }
        return value instanceof String text ? amount(text, BYTES) : Optional.empty();
    }

    /** A duration in the form in which it would be written. */
    static String written(Duration duration) {
        long millis = duration.toMillis();
        for (String unit : new String[] {"d", "h", "m", "s"}) {
            long factor = MILLIS.getOrDefault(unit, 1L);
            if (millis % factor == 0 && millis >= factor) {
                return millis / factor + unit;
            }
        }
        return millis == 0 ? "0s" : millis + "ms";
    }

    private static Optional<Long> amount(String text, Map<String, Long> factors) {
        Matcher matcher = AMOUNT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches() || !factors.containsKey(matcher.group(2))) {
            return Optional.empty();
        }
        try {
            long factor = factors.getOrDefault(matcher.group(2), 1L);
            return Optional.of(Math.multiplyExact(Long.parseLong(matcher.group(1)), factor));
        } catch (ArithmeticException tooLarge) {
            return Optional.empty();
        }
    }
}
