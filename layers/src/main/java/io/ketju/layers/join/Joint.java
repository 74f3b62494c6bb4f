package io.ketju.layers.join;

import io.ketju.layers.model.Node;
import java.util.List;
import java.util.Optional;

/** Knows which layers one kernel call can do. */
@FunctionalInterface
public interface Joint {
    /**
     * The layer that does what the first of these nodes do.
     *
     * @param nodes neighbours; each but the last has one output, which the next node reads and nobody else
     * @return with two or more of them as its parts, or empty
     */
    Optional<JoinedLayer> of(List<Node> nodes);
}
