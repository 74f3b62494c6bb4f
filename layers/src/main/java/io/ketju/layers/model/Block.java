package io.ketju.layers.model;

/**
 * Wiring that is used more than once: it writes layers into the graph, under a name of its own, and is gone. So a model
 * may be cut between any two layers, inside blocks too.
 */
@FunctionalInterface
public interface Block {
    /**
     * Adds the layers.
     *
     * @param model writes names relative to the block's
     * @param input what the block reads
     * @return the output
     */
    Value in(ModelBuilder model, Value input);
}
