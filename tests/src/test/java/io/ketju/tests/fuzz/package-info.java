/**
 * What reads bytes of others, fed with bytes that nobody meant. A {@link io.ketju.tests.fuzz.FuzzTarget} is one reader, with inputs
 * that it takes and the errors that it may answer others with; anything else that it throws is a finding.
 *
 * <p>In the build {@link io.ketju.tests.fuzz.FuzzTest} runs the inputs that are kept in the folder {@code JazzerTestInputs} of the
 * resources, and some thousand seeded {@link io.ketju.tests.fuzz.Mutations} of them. {@link io.ketju.tests.fuzz.JazzerTest} is the same under
 * Jazzer, by a command of its own.
 */
@NullMarked
package io.ketju.tests.fuzz;

import org.jspecify.annotations.NullMarked;
