package io.ketju.layers;

/** A layer whose kernel makes the gradients of inputs and weights in one call for less than in two. */
public interface FullBackward extends Layer {
    /**
     * What {@link #backwardInput} and {@link #backwardWeight} do, with their bits and reading what both declare. Called
     * in their place where both passes of a micro-batch follow each other and both have something to do. Nobody reads the
     * gradients of the outputs afterwards: they may be overwritten here.
     *
     * @param pass of both: gradients of inputs are overwritten, gradients of parameters added to
     */
    void backward(Pass pass);
}
