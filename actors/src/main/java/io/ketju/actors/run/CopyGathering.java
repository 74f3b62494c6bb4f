package io.ketju.actors.run;

import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.checkpoint.CheckpointStore;
import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.coordinator.ArrivingShard;
import io.ketju.actors.coordinator.RunCopies;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.piece.FolderWays;
import io.ketju.actors.piece.PieceNews;
import io.ketju.data.safetensors.SafeTensorsHeader;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.data.safetensors.TensorEntry;
import io.ketju.data.safetensors.ValueRange;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a checkpoint of copies in the memory of the workers that are left, between two starts: every stage's from its own worker, or
 * from the one that keeps it besides, whichever answers first. If not all of them come, the run's folder stays as it is.
 */
final class CopyGathering {
    private static final Logger LOG = LoggerFactory.getLogger(CopyGathering.class);

    /** Without any news for so long, those that have not answered are not there. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(3);

    private final RunSetup next;
    private final RunCopies.Round round;
    private final PipelineSpec pipeline;
    private final Map<Integer, ArrivingShard> arriving = new TreeMap<>();
    private final Map<Integer, Shard> whole = new TreeMap<>();
    private final Set<Integer> askedAgain = new HashSet<>();

    private CopyGathering(RunSetup next, RunCopies.Round round) {
        this.next = next;
        this.round = round;
        this.pipeline = next.job().pipeline();
    }

    /**
     * Blocks until it is done, one way or the other.
     *
     * @param next the start to come, behind its fence
     */
    static void gather(RunSetup next, RunCopies.Round round, RunSite site) {
        if (hasAsNew(next, round)) {
            return;
        }
        site.transport()
                .copies(next.job().pipeline(), next.ticket())
                .ifPresent(ways -> new CopyGathering(next, round).gather(ways));
    }

    /** Whether the run's folder has a checkpoint that is as new. */
    private static boolean hasAsNew(RunSetup next, RunCopies.Round round) {
        try {
            return CheckpointReader.committed(next.store().root()).stream()
                    .anyMatch(found -> found.step() >= round.step());
        } catch (IOException e) {
            return true; // who looks for the newest one says why it cannot be read
        }
    }

    private void gather(FolderWays ways) {
        try (ways) {
            ask(ways, stage -> true);
            take(ways);
            commit();
        } catch (IOException | RuntimeException e) {
            LOG.warn("the copies in memory after step {} are of no use: {}", round.step(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ways.arrivals().end();
            drop();
        }
    }

    /** Every worker for those of these stages that it is to have: its own, and those of the worker before. */
    private void ask(FolderWays ways, IntPredicate wanted) {
        Assignment assignment = round.assignment();
        RunTicket ticket = next.ticket();
        for (int worker = 0; worker < assignment.workers(); worker++) {
            List<Integer> stages = new ArrayList<>(assignment.stagesOf(worker));
            int before = Math.floorMod(worker - 1, assignment.workers());
            stages.addAll(assignment.stagesOf(before));
            stages.removeIf(stage -> !wanted.test(stage));
            if (!stages.isEmpty()) {
                round.workers()
                        .get(worker)
                        .tell(new WorkerCommand.SendCopies(
                                ticket, round.incarnation(), round.step(), stages, ways.address()));
            }
        }
    }

    private void take(FolderWays ways) throws IOException, InterruptedException {
        while (whole.size() < pipeline.keptStages()) {
            PieceNews one = ways.next(LONGEST_SILENCE);
            if (one == null) {
                throw new IOException("those of stages " + missing() + " do not come");
            }
            take(ways, one);
        }
    }

    private void take(FolderWays ways, PieceNews one) throws IOException {
        switch (one) {
            case PieceNews.Arrived piece -> {
                try (var lease = piece.lease()) {
                    if (!whole.containsKey(piece.stage())) {
                        take(piece, arriving.get(piece.stage()), lease.tensor());
                    }
                }
            }
            case PieceNews.Ended ended -> {
                if (!whole.containsKey(ended.stage())) {
                    cut(ways, ended.stage());
                }
            }
        }
    }

    /** The other worker that has it was refused when the first one came: it is asked once more. */
    private void cut(FolderWays ways, int stage) throws IOException {
        ArrivingShard broken = arriving.remove(stage);
        if (broken != null) {
            broken.close();
        }
        if (!askedAgain.add(stage)) {
            throw new IOException("that of stage " + stage + " was cut");
        }
        ask(ways, wanted -> wanted == stage);
    }

    private void take(PieceNews.Arrived piece, @Nullable ArrivingShard begun, Tensor tensor) throws IOException {
        int stage = piece.stage();
        ArrivingShard shard = begun;
        if (shard == null) {
            long most = StagePlan.of(pipeline, stage).copyBytes() + SafeTensorsHeader.MAX_BYTES;
            shard = new ArrivingShard(next.store().root(), next.ticket().incarnation(), stage, round.step(), most);
            arriving.put(stage, shard);
        }
        Optional<Shard> done = shard.take(piece.key(), tensor);
        if (done.isPresent()) {
            arriving.remove(stage);
            shard.close();
            whole.put(stage, done.get());
        }
    }

    /** Copies are not looked at when they are taken, as what goes into checkpoints is. */
    private void commit() throws IOException {
        Path folder = CheckpointStore.directory(next.store().root(), round.step());
        for (Shard shard : whole.values()) {
            try (SafeTensorsReader reader = SafeTensorsReader.open(folder.resolve(shard.file()))) {
                for (TensorEntry entry : reader.entries()) {
                    Optional<ValueRange> range = reader.range(entry.name());
                    if (range.filter(CopyGathering::isFinite).isEmpty()
                            && entry.shape().elements() > 0) {
                        throw new IOException("'" + entry.name() + "' is not finite");
                    }
                }
            }
        }
        next.store().commit(round.step(), List.copyOf(whole.values()), round.progress());
        LOG.info("goes on from copies in memory after step {}", round.step());
    }

    private static boolean isFinite(ValueRange range) {
        return range.notNumbers() == 0 && Double.isFinite(range.min()) && Double.isFinite(range.max());
    }

    private List<Integer> missing() {
        List<Integer> stages = new ArrayList<>();
        for (int stage = 0; stage < pipeline.keptStages(); stage++) {
            if (!whole.containsKey(stage)) {
                stages.add(stage);
            }
        }
        return stages;
    }

    private void drop() {
        for (ArrivingShard shard : arriving.values()) {
            try {
                shard.close();
            } catch (IOException e) {
                LOG.warn("what has come of a copy stays: {}", e.toString());
            }
        }
        arriving.clear();
    }
}
