package io.redshank.app.emqx;

import java.util.ArrayList;
import java.util.List;

/** One setting of an {@code emqx_backend_redis.conf}. */
record EmqxLine(int number, String key, String value) {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** The settings of a file, without its comments. */
    static List<EmqxLine> parse(String text, Remarks remarks) {
        List<EmqxLine> lines = new ArrayList<>();
        List<String> written =
                text.replaceFirst("^" + BYTE_ORDER_MARK, "").lines().toList();
        for (int i = 0; i < written.size(); i++) {
            String line = written.get(i).strip();
            if (line.isEmpty() || line.startsWith("#") || line.startsWith("%")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals <= 0) {
                remarks.add(i + 1, line, "not of the form key = value");
            } else {
                String key = line.substring(0, equals).strip();
                lines.add(new EmqxLine(i + 1, key, line.substring(equals + 1).strip()));
            }
        }
        return lines;
    }

    /** The words of the key. */
    List<String> words() {
        return List.of(key.split("\\.", -1));
    }
}
