package io.redshank.app.emqx;

/** Whole numbers as the original's file writes them. */
final class Numbers {
    private Numbers() {}

    /** The number that a text is, else the text, which the parser will refuse. */
    static Object orText(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException notANumber) {
            return text;
        }
    }
}
