package io.ketju.testkit;

import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.StageLink;
import io.ketju.actors.run.TensorValues;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.memory.TensorLease;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * In the place of one neighbour of a {@link TestedRank}: another stage, or the feeder of its batches. It keeps the values of
 * what it gets and gives the buffer back at once, and says what a test has it say. One thread at a time.
 */
public final class StageProbe {
    private final TestedRank rank;
    private final int stage;
    private final BlockingQueue<RankMessage.Sent> received = new LinkedBlockingQueue<>();
    private volatile @Nullable TensorKey refused;

    StageProbe(TestedRank rank, int stage) {
        this.rank = rank;
        this.stage = stage;
    }

    /** {@return the stage whose place it has; {@link StagePorts#FEEDER} for the feeder} */
    public int stage() {
        return stage;
    }

    /**
     * {@return the next tensor that the rank sends here, waited for}
     *
     * @throws AssertionError if none comes within 20 seconds
     */
    public RankMessage.Sent receive() {
        try {
            RankMessage.Sent next = received.poll(TestedRank.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError(this + " got nothing; the rank has run " + rank.actions());
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a rank is tested", e);
        }
    }

    /**
     * Receives the next tensor, which must be this one of the window granted last.
     *
     * @param kind activation, gradient or output
     * @param microbatch from 0
     * @return its values
     * @throws AssertionError if it is another, or none comes
     */
    public TensorValues expect(TensorKey.Kind kind, int microbatch) {
        RankMessage.Sent next = receive();
        if (next.key().kind() != kind
                || next.key().microbatch() != microbatch
                || next.key().window() != rank.window()) {
            throw new AssertionError(this + ": expected " + kind + " of micro-batch " + microbatch + " of window "
                    + rank.window() + ", found " + next.key());
        }
        return next.values();
    }

    /**
     * Waits until the rank has nothing more to do.
     *
     * @throws AssertionError if a tensor is here that was not received
     */
    public void expectNothing() {
        rank.settle();
        RankMessage.Sent unexpected = received.peek();
        if (unexpected != null) {
            throw new AssertionError(this + ": expected nothing, found " + unexpected.key());
        }
    }

    /**
     * Sends the rank the first tensor of a kind that crosses, for a micro-batch of the window granted last.
     *
     * @param kind activation or gradient
     * @param microbatch from 0
     * @param values of the type that the cut has there
     */
    public void send(TensorKey.Kind kind, int microbatch, TensorValues values) {
        send(rank.key(kind, microbatch, 0), values);
    }

    /**
     * Sends the rank a tensor: every one of its stages that takes it from here.
     *
     * @param key with any window and edge, also one that does not fit
     * @param values of any type, also one that does not fit
     */
    public void send(TensorKey key, TensorValues values) {
        rank.deliver(stage, key, values);
    }

    /**
     * Sends the stages that read it what the batch gives under a name, for a micro-batch of the window granted last.
     *
     * @param name of an input of the model or of a target
     * @param microbatch from 0
     * @param values with its samples as the first dimension
     * @throws IllegalStateException if this is not the feeder's probe
     */
    public void feed(String name, int microbatch, TensorValues values) {
        if (stage != StagePorts.FEEDER) {
            throw new IllegalStateException(this + " feeds nothing; ask the rank for its feeder()");
        }
        int position = BatchPorts.of(rank.job().model()).position(name);
        send(rank.key(TensorKey.Kind.FED, microbatch, position), values);
    }

    /**
     * Has sending this one tensor here throw, as only a broken plan or link does.
     *
     * @param key of the tensor
     */
    public void refuse(TensorKey key) {
        refused = key;
    }

    /**
     * The connection to this neighbour breaks.
     *
     * @param cause what the rank is told of it
     */
    public void lose(String cause) {
        rank.tell(new StageCommand.LinkLost(stage, cause));
    }

    /** The way from one of the rank's stages to here. */
    StageLink link(int from) {
        return new StageLink() {
            @Override
            public void send(TensorKey key, TensorLease lease) {
                if (key.equals(refused)) {
                    throw new IllegalStateException(StageProbe.this + " refuses " + key);
                }
                RankMessage.Sent sent = new RankMessage.Sent(from, stage, key, Values.of(lease.tensor()));
                lease.close();
                rank.sent(sent);
                received.add(sent);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public String toString() {
        return stage == StagePorts.FEEDER ? "the feeder's probe" : "the probe of stage " + stage;
    }
}
