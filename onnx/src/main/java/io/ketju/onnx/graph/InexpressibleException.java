package io.ketju.onnx.graph;

import java.io.Serial;

/** ONNX has no form for this; the message says why, without naming the layer. */
public final class InexpressibleException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public InexpressibleException(String message) {
        super(message);
    }
}
