/**
 * Job files: HOCON text to a validated {@code TrainingJob} and back. Every value remembers where it was written, so that
 * every error names file and line, or the flag. Start reading at {@code JobFile}.
 */
@NullMarked
package io.ketju.deploy.config;

import org.jspecify.annotations.NullMarked;
