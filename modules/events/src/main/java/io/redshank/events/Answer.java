package io.redshank.events;

/** The answer that says only: it is done. */
public enum Answer {
    /** Done. */
    DONE;

    /** The wire form of {@link #DONE}: nothing. */
    public static final Body<Answer> NONE = Body.of((out, done) -> {}, in -> DONE);
}
