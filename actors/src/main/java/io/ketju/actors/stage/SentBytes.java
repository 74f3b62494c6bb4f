package io.ketju.actors.stage;

import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.trace.LinkBytes;
import io.ketju.pipeline.trace.RankLoad;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what a rank sends to stages, from when it is made. Used by the rank's actor alone. */
final class SentBytes {
    private record Link(int from, int to) {}

    private final long begun = System.nanoTime();
    private final Map<Link, Long> bytes = new LinkedHashMap<>();

    /** A tensor goes to a stage; what goes to whoever gave the batch is not counted. */
    void sends(StageEffect.SendTensor send, int to) {
        if (to >= 0) {
            bytes.merge(new Link(send.from(), to), send.lease().tensor().shape().bytes(), Long::sum);
        }
    }

    /** How long it has counted. */
    long nanos() {
        return System.nanoTime() - begun;
    }

    List<LinkBytes> links() {
        return bytes.entrySet().stream()
                .limit(RankLoad.MOST_LINKS)
                .map(link -> new LinkBytes(link.getKey().from(), link.getKey().to(), link.getValue()))
                .toList();
    }
}
