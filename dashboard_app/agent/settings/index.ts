/** The part of the dashboard that is loaded when somebody opens the settings. */
import './styles/all.css'

export { SettingsView } from './views/settings'
