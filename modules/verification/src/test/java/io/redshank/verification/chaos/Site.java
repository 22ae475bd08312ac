package io.redshank.verification.chaos;

import java.util.Random;

/** What chaos comes over. */
interface Site extends AutoCloseable {
    /** Starts it; serves when this returns. */
    void open();

    /** Where clients connect, all the time. */
    int port();

    /** Lets something bad happen, and mends it as an operator would. */
    void strike(Random dice);

    @Override
    void close();
}
