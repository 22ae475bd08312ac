package io.redshank.events;

/** A part of the work with verticles of its own, in any number of instances on a node. */
public enum Concern {
    /** MQTT connections, sessions and routing. */
    BROKER("broker"),
    /** Who is online, stored subscriptions, connection and subscription commands. */
    CONNECTIONS("connections"),
    /** The topic logs and publish commands. */
    MESSAGES("messages"),
    /** Retained messages. */
    RETAINED("retained"),
    /** Bookmarks, consumed messages, delivery and acknowledgement commands. */
    ACKS("acks"),
    /** What is published later: wills with a delay, and delayed messages. */
    DELAYED("delayed"),
    /** The node itself, as a member of the cluster: one instance on each. */
    NODE("node");

    private final String addressPart;

    Concern(String addressPart) {
        this.addressPart = addressPart;
    }

    /** Where one instance on one node listens, for example {@code redshank.v1.acks.redshank@127.0.0.1.0.0}. */
    String addressOf(Member member, int instance) {
        return "redshank.v1." + addressPart + "." + member.node() + "." + member.incarnation() + "." + instance;
    }
}
