package io.ketju.tests.simulation;

import io.ketju.pipeline.stage.TensorKey;
import java.util.List;

/** What a link with a planted bug makes of a frame: none of it, two of it, or another's name. */
record LinkFaults(World world) {
    private static final int SELDOM = 60;

    /** The keys under which the frame is sent. */
    List<TensorKey> keys(TensorKey key) {
        if (world.has(Bug.FRAME_LOST) && world.delay(SELDOM) == 0) {
            return List.of();
        }
        if (world.has(Bug.FRAME_TWICE) && world.delay(SELDOM) == 0) {
            return List.of(key, key);
        }
        return List.of(world.has(Bug.GRADIENTS_BY_ARRIVAL) ? renumbered(key) : key);
    }

    /** Of a window's first two micro-batches the first is called the second and the second the first. */
    private TensorKey renumbered(TensorKey key) {
        if (key.kind() != TensorKey.Kind.GRADIENT || key.microbatch() > 1) {
            return key;
        }
        return new TensorKey(key.incarnation(), key.window(), key.kind(), 1 - key.microbatch(), key.edge());
    }
}
