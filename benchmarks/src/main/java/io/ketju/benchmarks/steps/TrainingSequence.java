package io.ketju.benchmarks.steps;

import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A network that is trained round and round on a few batches. Owns all its memory; a step allocates none. */
public final class TrainingSequence implements AutoCloseable {
    /** Batches of every sequence, as {@code steps.py} has them. */
    static final int BATCHES = 8;

    /**
     * A network as a sequence of calls.
     *
     * @param inputs fed from the batches
     * @param targets fed likewise
     * @param body from the inputs to the logits
     */
    record Network(Value inputs, Value targets, Step body, CrossEntropyStep loss, Update update) {}

    private final Kit kit;
    private final Network network;
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<Tensor> targets = new ArrayList<>();
    private int next;

    /** Takes the kit over. */
    TrainingSequence(Kit kit, Network network) {
        this.kit = kit;
        this.network = network;
    }

    /** One more batch. */
    void add(Tensor batch, Tensor batchTargets) {
        inputs.add(batch);
        targets.add(batchTargets);
    }

    /** One whole step: forward, loss, backward, update; returns the mean loss. */
    public double step() {
        int batch = next;
        next = (next + 1) % inputs.size();
        double loss = gradients(batch);
        network.update.run();
        return loss;
    }

    /** Forward, loss and backward on one of the batches. */
    double gradients(int batch) {
        network.inputs.feed(inputs.get(batch));
        network.targets.feed(targets.get(batch));
        kit.parameters().clearGradients();
        network.body.forward();
        double loss = network.loss.run();
        network.body.backward();
        return loss;
    }

    Parameters parameters() {
        return kit.parameters();
    }

    /** Floating-point operations of the products, convolutions and attentions of one step. */
    public double flops() {
        return network.body.flops();
    }

    @Override
    public void close() {
        kit.close();
    }
}
