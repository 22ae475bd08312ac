package io.redshank.events;

import io.redshank.model.NodeName;
import io.redshank.model.TopicName;
import java.util.List;

/** Which other nodes want the messages of a topic. May be asked from any thread. */
public interface Routes {
    /** Those of a node on its own. */
    Routes NONE = topic -> List.of();

    /** The nodes, each once; this node is not among them. */
    List<NodeName> nodesFor(TopicName topic);
}
