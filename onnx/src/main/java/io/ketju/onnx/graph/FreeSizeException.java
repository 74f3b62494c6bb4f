package io.ketju.onnx.graph;

import java.io.Serial;

/** An exporter needs a size as a number that differs from call to call. */
public final class FreeSizeException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    FreeSizeException(String message) {
        super(message);
    }
}
