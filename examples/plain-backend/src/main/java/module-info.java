/** A backend of someone else's: forward passes and the analytic steady state. */
module org.example.plain {
    requires io.dfc.api;
    provides io.dfc.api.spi.BackendProvider with org.example.plain.PlainBackendProvider;
}
