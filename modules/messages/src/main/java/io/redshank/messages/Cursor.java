package io.redshank.messages;

import io.redshank.model.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * Where the reading of a backlog stands.
 *
 * @param step which of the fetch functions is at work
 * @param place where in its log; null if it has not begun
 */
record Cursor(int step, @Nullable LogPlace place) {
    private static final char SEPARATOR = ' ';

    /** What {@link #text} wrote; null for the beginning. */
    static Cursor of(@Nullable String text) {
        if (text == null) {
            return new Cursor(0, null);
        }
        int first = text.indexOf(SEPARATOR);
        int second = text.indexOf(SEPARATOR, first + 1);
        int step = Integer.parseInt(first < 0 ? text : text.substring(0, first));
        if (first < 0) {
            return new Cursor(step, null);
        }
        return new Cursor(
                step, new LogPlace(new MessageId(text.substring(second + 1)), text.substring(first + 1, second)));
    }

    String text() {
        return place == null
                ? Integer.toString(step)
                : Integer.toString(step) + SEPARATOR + place.score() + SEPARATOR + place.id();
    }

    Cursor at(@Nullable LogPlace reached) {
        return new Cursor(step, reached);
    }

    Cursor nextStep() {
        return new Cursor(step + 1, null);
    }
}
