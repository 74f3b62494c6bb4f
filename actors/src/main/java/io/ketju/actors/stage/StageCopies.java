package io.ketju.actors.stage;

import io.ketju.actors.checkpoint.Staleness;
import io.ketju.actors.copy.CopyBuffer;
import io.ketju.actors.copy.CopyId;
import io.ketju.actors.copy.CopyKeeper;
import io.ketju.actors.copy.CopyWays;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.piece.PieceLink;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsHeader;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.Window;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what the stages of a rank have learnt, after the windows that the coordinator chose: between one of a stage's windows and the
 * next, when nothing changes it. Used by the rank's actor alone.
 */
final class StageCopies {
    private static final Logger LOG = LoggerFactory.getLogger(StageCopies.class);

    private final StageParts parts;
    private final Set<Long> wanted = new HashSet<>();
    private @Nullable CopyWays ways;

    StageCopies(StageParts parts) {
        this.parts = parts;
    }

    void connect(Optional<CopyWays> opened) {
        ways = opened.orElse(null);
    }

    void granted(StageCommand.GrantWindow grant) {
        if (grant.copies()) {
            wanted.add(grant.window().number());
        }
    }

    /** A stage has finished a window, and has not begun the next. */
    void finished(int stage, Window window) {
        CopyWays to = ways;
        PieceLink way = to == null ? null : to.ways().get(stage);
        if (to == null || way == null || !wanted.contains(window.number())) {
            return;
        }
        wanted.removeIf(number -> number < window.number());
        StageCompute compute = parts.compute(stage);
        CopyId id = new CopyId(to.job(), parts.incarnation(), stage, window.step());
        CopyBuffer copy = to.shelf().begin(id, compute.plan().copyBytes() + SafeTensorsHeader.MAX_BYTES);
        List<NamedTensor> tensors = new ArrayList<>();
        compute.tensors().forEach((name, tensor) -> tensors.add(new NamedTensor(name, tensor)));
        try {
            SafeTensorsWriter.write(copy, tensors, Staleness.metadata(compute.staleness()));
        } catch (IOException e) { // the run has its checkpoints all the same
            LOG.warn("no copy of stage {} after step {}: {}", stage, window.step(), e.getMessage());
            return;
        }
        to.shelf().whole(copy);
        to.keeper().tell(new CopyKeeper.Send(copy, way));
    }

    void close() {
        if (ways != null) {
            ways.ways().values().forEach(PieceLink::close);
            ways = null;
        }
    }
}
