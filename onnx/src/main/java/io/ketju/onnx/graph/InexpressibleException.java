package io.ketju.onnx.graph;

import java.io.Serial;

/** ONNX has no form for this; the message says why, without naming the layer. */
public final class InexpressibleException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Says why.
     *
     * @param message of one line, without the layer's name
     */
    public InexpressibleException(String message) {
        super(message);
    }
}
