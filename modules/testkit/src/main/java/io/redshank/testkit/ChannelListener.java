package io.redshank.testkit;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An application that listens on a channel of Redis. */
public final class ChannelListener implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final RedisCli cli;

    private ChannelListener(RedisCli cli) {
        this.cli = cli;
    }

    /** Listens from now on. */
    public static ChannelListener on(RedisFixture redis, String channel) {
        ChannelListener listener = new ChannelListener(redis.connect());
        listener.cli.command("SUBSCRIBE", channel);
        Thread thread = new Thread(listener::listen, "listens-on-" + channel);
        thread.setDaemon(true);
        thread.start();
        return listener;
    }

    /** The next message that has this text in it; others are let go. */
    public String next(String text) {
        try {
            while (true) {
                @Nullable String message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (message == null) {
                    throw new AssertionError("no message with " + text + " within " + PATIENCE_SECONDS + " s");
                }
                if (message.contains(text)) {
                    return message;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** What is there now. */
    public List<String> waiting() {
        return List.copyOf(messages);
    }

    @Override
    public void close() {
        cli.close();
    }

    private void listen() {
        cli.pushed(push -> messages.add(String.valueOf(push.get(2))));
    }
}
