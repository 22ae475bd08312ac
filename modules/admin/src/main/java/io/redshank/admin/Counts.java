package io.redshank.admin;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** What a doctor has seen, by kind. Confined to one context until the work is done. */
public final class Counts {
    private final Map<FindingKind, Map<Finding.State, Long>> findings = new EnumMap<>(FindingKind.class);
    private final Map<Note, Long> notes = new EnumMap<>(Note.class);
    private long keys;

    /** What is not wrong, and worth a number. The names are printed, and stay as they are. */
    public enum Note {
        /** Says that the client has read nothing. */
        BOOKMARK_AT_START("bookmark-at-start", "bookmarks at the start of a log"),
        /** The next message for the client is the oldest that is left. */
        BOOKMARK_LEFT_LOG("bookmark-left-log", "bookmarks whose id has left its log, and whose place is still known");

        private final String word;
        private final String meaning;

        Note(String word, String meaning) {
            this.word = word;
            this.meaning = meaning;
        }

        /** As it is printed. */
        public String word() {
            return word;
        }

        /** In words. */
        public String meaning() {
            return meaning;
        }
    }

    void looked(int more) {
        keys += more;
    }

    void add(Finding finding, Finding.State state) {
        findings.computeIfAbsent(finding.kind(), first -> new EnumMap<>(Finding.State.class))
                .merge(state, 1L, Long::sum);
    }

    void note(Note note) {
        notes.merge(note, 1L, Long::sum);
    }

    /** How many keys were looked at. */
    public long keys() {
        return keys;
    }

    /** How many findings of each kind there were, by what has become of them; none of kinds without any. */
    public Map<FindingKind, Map<Finding.State, Long>> findings() {
        return Collections.unmodifiableMap(findings);
    }

    /** How many of each note; none of those without any. */
    public Map<Note, Long> notes() {
        return Collections.unmodifiableMap(notes);
    }
}
