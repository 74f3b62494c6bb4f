package io.ketju.actors.message;

import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorLease;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What a receiver of the model's outputs understands. None of it leaves the JVM: tensors come to it over the data plane. */
public sealed interface OutputCommand {
    /**
     * The outputs of this window are wanted, after those of the windows before; to be sent before the window is granted.
     *
     * @param window one that predicts
     * @param wanted one tensor for each of the model's outputs, of all samples: the receiver's to write until it answers
     * @param replyTo hears once, when all outputs are in their places or will not come
     */
    record Expect(Window window, List<Tensor> wanted, ActorRef<Outputs> replyTo) implements OutputCommand {
        /** Copies the list, not the tensors. */
        public Expect {
            wanted = List.copyOf(wanted);
        }
    }

    /**
     * A tensor from a stage.
     *
     * @param key which output of which micro-batch; of a window that nobody expects it is dropped
     * @param lease the receiver's from now on, which closes it as soon as the values are copied
     */
    record DeliverOutput(TensorKey key, TensorLease lease) implements OutputCommand {}

    /**
     * The connection that brings the outputs of a stage broke.
     *
     * @param stage that sent by it
     * @param cause one line
     */
    record LinkLost(int stage, String cause) implements OutputCommand {}

    /** The run ends: a connection that closes from now on is no loss. */
    record Release() implements OutputCommand {}

    /**
     * No more outputs come: every window that is still expected is answered with the reason.
     *
     * @param reason one line
     */
    record Stop(String reason) implements OutputCommand {}

    /**
     * Answer to {@link Expect}.
     *
     * @param window number of the window that was expected
     * @param failure why not all of them came; empty: all are in their places
     */
    record Outputs(long window, Optional<String> failure) {}
}
