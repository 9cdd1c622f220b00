/**
 * The backend as others see it: the provider, devices and their facts, which plans are supported,
 * and the peak of the hardware.
 *
 * <p>{@code TornadoBackendProvider} is found by {@code ServiceLoader} and must load where TornadoVM
 * is absent. It uses all other packages of the module.
 */
package io.dfc.tornado.backend;
