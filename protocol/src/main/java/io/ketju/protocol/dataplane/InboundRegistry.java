package io.ketju.protocol.dataplane;

import io.ketju.protocol.frame.EdgeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The edges that this node receives. Thread-safe. */
final class InboundRegistry {
    private final Map<EdgeId, InboundRegistration> edges = new ConcurrentHashMap<>();

    void add(InboundRegistration registration) {
        if (edges.putIfAbsent(registration.id(), registration) != null) {
            throw new IllegalStateException("the edge " + registration.id() + " already has a receiver");
        }
    }

    @Nullable
    InboundRegistration remove(EdgeId id) {
        return edges.remove(id);
    }

    @Nullable
    InboundRegistration find(EdgeId id) {
        return edges.get(id);
    }

    /** Why there is no such edge: what differs from the nearest one, or that nothing is near. */
    String explain(EdgeId offered) {
        String nearest = "no such edge is registered on this node";
        int fewest = Integer.MAX_VALUE;
        for (EdgeId here : edges.keySet()) {
            List<String> differences = differences(here, offered);
            boolean sameEdge = here.fromStage() == offered.fromStage()
                    && here.toStage() == offered.toStage()
                    && here.kind() == offered.kind();
            if (sameEdge && differences.size() < fewest) {
                fewest = differences.size();
                nearest = String.join(", ", differences);
            }
        }
        return nearest;
    }

    private static List<String> differences(EdgeId here, EdgeId offered) {
        List<String> result = new ArrayList<>();
        if (here.job() != offered.job()) {
            result.add("job is " + Long.toHexString(here.job()) + " here, offered " + Long.toHexString(offered.job()));
        }
        if (here.configHash() != offered.configHash()) {
            result.add("config hash is " + Long.toHexString(here.configHash()) + " here, offered "
                    + Long.toHexString(offered.configHash()));
        }
        if (here.incarnation() != offered.incarnation()) {
            result.add("incarnation is " + here.incarnation() + " here, offered " + offered.incarnation());
        }
        return result;
    }
}
