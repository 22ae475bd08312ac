package io.redshank.broker;

/** What the clients of one listener may do and cost. */
public record ClientLimits(
        PacketLimits packets, InboundLimits inbound, OutboundLimits outbound, SessionLimits sessions) {
    private static final long NEVER = 0xFFFF_FFFFL;

    /** What holds where nothing is configured. */
    public static final ClientLimits STANDARD = new ClientLimits(
            new PacketLimits(1 << 20, 65_535, 65_535, SubscriptionTree.MAX_LEVELS, false),
            new InboundLimits(1024, 64, 0, 0, Integer.MAX_VALUE),
            new OutboundLimits(512, 10_000, 16L << 20, OutboundLimits.WhenFull.DROP_NEWEST),
            new SessionLimits(30L * 24 * 60 * 60, NEVER, 10_000, 0));
}
