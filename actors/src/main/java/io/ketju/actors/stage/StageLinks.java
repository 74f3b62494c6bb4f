package io.ketju.actors.stage;

import io.ketju.actors.message.Route;
import io.ketju.actors.message.StageLink;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.memory.TensorLease;
import java.util.Map;

/** The ways to all stages that a stage sends to. */
final class StageLinks {
    private final StagePorts ports;
    private Map<Route, StageLink> links = Map.of();

    StageLinks(StagePorts ports) {
        this.ports = ports;
    }

    void connect(Map<Route, StageLink> opened) {
        links = Map.copyOf(opened);
    }

    /** Sends a tensor where it goes; when this throws, the lease is still the caller's. */
    void send(TensorKey key, TensorLease lease) {
        StageLink link = links.get(new Route(ports.receiver(key.kind(), key.edge()), key.kind()));
        if (link == null) {
            throw new IllegalStateException("no link for " + key);
        }
        link.send(key, lease);
    }

    void close() {
        links.values().forEach(StageLink::close);
        links = Map.of();
    }
}
