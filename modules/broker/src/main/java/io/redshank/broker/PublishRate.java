package io.redshank.broker;

/**
 * How much one client publishes, against how much it may. What it has sent is taken in any case; the answer is how long to read
 * nothing more from it. A client that was silent may catch up on one second. Confined to the connection's event loop.
 */
final class PublishRate {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final int messagesPerSecond;
    private final long bytesPerSecond;
    private double messages;
    private double bytes;
    private long lastNanos;

    PublishRate(InboundLimits limits, long nowNanos) {
        this.messagesPerSecond = limits.messagesPerSecond();
        this.bytesPerSecond = limits.bytesPerSecond();
        this.messages = messagesPerSecond;
        this.bytes = bytesPerSecond;
        this.lastNanos = nowNanos;
    }

    /** Whether anything is limited at all. */
    boolean isLimited() {
        return messagesPerSecond > 0 || bytesPerSecond > 0;
    }

    /** Counts one message; answers for how many milliseconds nothing more may be taken, 0 if there is still room. */
    long take(int payloadBytes, long nowNanos) {
        double seconds = (nowNanos - lastNanos) / NANOS_PER_SECOND;
        lastNanos = nowNanos;
        messages = Math.min(messagesPerSecond, messages + seconds * messagesPerSecond) - 1;
        bytes = Math.min(bytesPerSecond, bytes + seconds * bytesPerSecond) - payloadBytes;
        return Math.max(millisUntilRoom(messages, messagesPerSecond), millisUntilRoom(bytes, bytesPerSecond));
    }

    private static long millisUntilRoom(double left, long perSecond) {
        return perSecond == 0 || left >= 0
                ? 0
                : (long) Math.ceil(-left / perSecond * (NANOS_PER_SECOND / NANOS_PER_MILLI));
    }
}
