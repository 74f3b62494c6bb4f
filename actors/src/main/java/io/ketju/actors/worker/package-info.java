/** One JVM that holds stages: builds them, connects them, lets them go. */
@NullMarked
package io.ketju.actors.worker;

import org.jspecify.annotations.NullMarked;
