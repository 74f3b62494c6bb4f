package io.ketju.actors.job;

import io.ketju.data.BatchPlan;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.data.MicrobatchPlan;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.MicrobatchSplit;
import io.ketju.tensor.Plural;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** What must be true of the batches of a job, each with the one line that says so. Matched by the names of the ports. */
public final class BatchChecks {
    private BatchChecks() {}

    /** A size that the source decides; who chose one all the same must have chosen this. */
    static int sizeOf(BatchSource source, String key, OptionalInt chosen, int ofSource) {
        if (chosen.isPresent() && chosen.getAsInt() != ofSource) {
            throw new InvalidJobException(key + ": expected the " + ofSource + " of data '" + source.name()
                    + "', which has batches of its own, found " + chosen.getAsInt()
                    + "; leave it out, or make the batches so");
        }
        return ofSource;
    }

    /**
     * The source must give all that the model takes, in types that it takes, and no more at a time than is planned.
     *
     * @param model with its heads
     * @param source of inputs and targets
     * @param batchSize samples of a mini-batch at most
     * @param microbatches of a mini-batch at most
     * @throws InvalidJobException in one line, if it does not
     */
    public static void fits(Model model, BatchSource source, int batchSize, int microbatches) {
        Map<String, BatchPort> ports = SourceChecks.ports(source);
        String where = "data '" + source.name() + "'";
        JobChecks.atLeast(where + ": steps of an epoch", source.stepsPerEpoch(), 1);
        int samples = MicrobatchSplit.atMost(batchSize, microbatches).largest();
        int ofSource = MicrobatchSplit.atMost(source.batchSize(), source.microbatches())
                .largest();
        if (ofSource > samples || source.microbatches() > microbatches) {
            throw new InvalidJobException(where + ": expected at most " + Plural.of(microbatches, "micro-batch")
                    + " of at most " + Plural.of(samples, "sample") + ", as in training, found " + source.microbatches()
                    + " of " + ofSource);
        }
        List<TensorType> inputs = new ArrayList<>();
        for (Input input : model.inputs()) {
            BatchPort port = port(ports, where, input.name(), "the model");
            inputFits(where, input, port, ofSource);
            inputs.add(port.largest());
        }
        ModelTypes types = JobChecks.naming(where, () -> model.types(inputs));
        for (Head head : model.heads()) {
            List<TensorType> targets =
                    JobChecks.naming("loss " + head.loss().spec(), () -> head.targetTypes(types.of(head.inputs())));
            for (int i = 0; i < targets.size(); i++) {
                BatchPort port = port(ports, where, head.targets().get(i), "the loss '" + head.name() + "'");
                if (port.constant() || !port.largest().equals(targets.get(i))) {
                    throw new InvalidJobException(where + ": gives '" + port.name() + "' as " + text(port) + ", but "
                            + head.loss().spec() + " takes " + targets.get(i));
                }
            }
        }
    }

    private static BatchPort port(Map<String, BatchPort> ports, String where, String name, String taker) {
        BatchPort port = ports.get(name);
        if (port == null) {
            throw new InvalidJobException(where + ": expected '" + Excerpt.of(name) + "', which " + taker
                    + " takes, found " + Excerpt.of(ports.keySet()));
        }
        return port;
    }

    private static void inputFits(String where, Input input, BatchPort port, int samples) {
        if (port.constant() != input.constant() || !input.takes(port.largest(), samples)) {
            String most = input.constant() ? "a constant " : "at most ";
            throw new InvalidJobException(where + ": gives '" + input.name() + "' as " + text(port)
                    + ", but the model takes " + most + input.type(samples) + "; choose another model or other data");
        }
    }

    private static String text(BatchPort port) {
        return (port.constant() ? "a constant " : "") + port.largest();
    }

    /**
     * Every micro-batch must be large enough for every layer to learn from: batch normalization needs two values. Looks at
     * the first and at the last mini-batch of a data epoch.
     */
    static void smallestTrains(Model model, BatchSource source) {
        for (long index : new long[] {0, source.stepsPerEpoch() - 1}) {
            BatchPlan plan = JobChecks.naming("data", () -> SourceChecks.plan(source, index));
            for (MicrobatchPlan microbatch : plan.microbatches()) {
                smallestTrains(model, source, microbatch);
            }
        }
    }

    static void smallestTrains(Model model, BatchSource source, MicrobatchPlan microbatch) {
        int samples = microbatch.samples();
        List<TensorType> inputs = model.inputs().stream()
                .map(input -> microbatch.types().getOrDefault(input.name(), input.type(samples)))
                .toList();
        ModelTypes types = JobChecks.naming("data '" + source.name() + "'", () -> model.types(inputs));
        for (Node node : model.nodes()) {
            try {
                node.layer().requireTrainable(types.inputs(node));
            } catch (IllegalArgumentException e) {
                throw new InvalidJobException(
                        "microbatches: the smallest of them has " + Plural.of(samples, "sample")
                                + ", too few for " + node + ": " + e.getMessage()
                                + "; take fewer micro-batches, or a batch that divides the training samples better",
                        e);
            }
        }
    }
}
