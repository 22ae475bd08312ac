package io.redshank.app.emqx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What was not carried over as it stood, and why; in the order of the file. */
final class Remarks {
    private static final int WHOLE_FILE = Integer.MAX_VALUE;
    private static final int LONGEST_SHOWN = 100;

    private final List<Remark> remarks = new ArrayList<>();

    private record Remark(int line, String text) {}

    void add(EmqxLine line, String why) {
        add(line.number(), line.key(), why);
    }

    void add(int line, String what, String why) {
        String shown = what.length() <= LONGEST_SHOWN ? what : what.substring(0, LONGEST_SHOWN) + "...";
        remarks.add(new Remark(line, "line " + line + ": " + shown + ": " + why));
    }

    /** Not about one line. */
    void add(String text) {
        remarks.add(new Remark(WHOLE_FILE, text));
    }

    List<String> lines() {
        return remarks.stream()
                .sorted(Comparator.comparingInt(Remark::line))
                .map(Remark::text)
                .toList();
    }
}
