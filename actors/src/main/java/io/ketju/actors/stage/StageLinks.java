package io.ketju.actors.stage;

import io.ketju.actors.message.Route;
import io.ketju.actors.message.StageLink;
import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.stage.TensorKey;
import java.util.Map;

/** The ways to all stages that the stages of a rank send to. */
final class StageLinks {
    private final StageTrace trace;
    private Map<Route, StageLink> links = Map.of();

    StageLinks(StageTrace trace) {
        this.trace = trace;
    }

    void connect(Map<Route, StageLink> opened) {
        links = Map.copyOf(opened);
    }

    /** Sends a tensor where it goes; when this throws, the lease is still the caller's. */
    void send(StageEffect.SendTensor send) {
        TensorKey key = send.key();
        StageLink link = links.get(new Route(send.from(), send.to(), key.kind()));
        if (link == null) {
            throw new IllegalStateException("no link for " + key + " of stage " + send.from());
        }
        trace.sends(send, send.to());
        link.send(key, send.lease());
    }

    void close() {
        links.values().forEach(StageLink::close);
        links = Map.of();
    }
}
