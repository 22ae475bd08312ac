package io.redshank.cluster.join;

import java.util.List;
import java.util.Optional;

/** Who may not be in one cluster: the one that came last leaves. */
final class JoinRules {
    private JoinRules() {}

    /** What is wrong with a newcomer among these members, in a sentence. */
    static Optional<String> refusal(MemberInfo newcomer, List<MemberInfo> before) {
        return before.stream()
                .flatMap(member -> refusal(newcomer, member).stream())
                .findFirst();
    }

    private static Optional<String> refusal(MemberInfo newcomer, MemberInfo member) {
        String who = "node " + member.node() + " at " + member.address();
        if (newcomer.protocol() != member.protocol()) {
            return Optional.of(who + " speaks version " + member.protocol()
                    + " of the protocol between nodes and this one version " + newcomer.protocol()
                    + ": run one version of Redshank in a cluster, or give this one another cluster.name");
        }
        if (newcomer.layout() != member.layout()) {
            return Optional.of(who + " keeps version " + member.layout()
                    + " of the layout in Redis and this one version " + newcomer.layout()
                    + ": run one version of Redshank in a cluster, or give this one another cluster.name");
        }
        if (newcomer.node().equals(member.node())) {
            return Optional.of(
                    who + " has the name of this one: set node.name to another (a node that died without a word"
                            + " is forgotten after 8 s)");
        }
        return Optional.empty();
    }
}
